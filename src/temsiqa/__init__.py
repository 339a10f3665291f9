"""Answers about temsirolimus from the literature and from nothing else."""

__version__ = "0.1.0"
