"""How good answers are: every figure of docs/answering.md from one command, ``make quality SETS=folder``.

SETS is the folder of the question sets (``data``, ``seeds`` and ``tools``, which scores them); the questions of this
project itself are in ``tests/quality/sets``.
"""
