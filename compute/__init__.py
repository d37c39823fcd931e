"""The compute engine: step-by-step traces of convolutions; knows nothing of HTTP."""
