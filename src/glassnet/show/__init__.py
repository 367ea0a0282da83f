"""The same Trace, Run or Evaluation as terminal text, as HTML for a notebook and as a figure; computes nothing."""
