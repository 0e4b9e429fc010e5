"""Measuring the classifier: metrics, protocol and reports."""
