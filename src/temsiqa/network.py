"""A network in ONNX form, ready to run on the processor."""

from __future__ import annotations

import onnxruntime

_ONLY_ERRORS = 3


def session(weights: bytes) -> onnxruntime.InferenceSession:
    """A session of the network that ``weights`` are; the runtime's own errors, which share no base, go through."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = _ONLY_ERRORS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # the encoder has threads of its own
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
