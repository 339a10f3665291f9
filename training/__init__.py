"""How the weights that ship are made: data sets → pairs → a cross-encoder → ONNX. Not part of the installed package."""
