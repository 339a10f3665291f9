"""Test set → answers → scores → report: is this build better, where is it worse, may it go out?

``temsiqa eval`` is its command line. A test set is read (``reading``), asked (``runs``, ``systems``), judged item by
item (``score``) and as a whole (``measures``); runs are compared (``compare``), held to limits (``gates``) and shown
(``report``). ``audit`` proves what was recorded. Nothing here judges by a language model, but ``judge``, which only
advises.
"""
