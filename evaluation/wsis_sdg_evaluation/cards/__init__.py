"""The README and the three cards: figures between markers, written from data and results.

A figure stands between ``<!-- numbers:NAME -->`` and ``<!-- end -->``, on lines of its own or
within a line. It comes from the committed labelled set or from a file in evaluation/results;
nothing is measured here.
"""
