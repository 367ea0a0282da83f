"""The arithmetic: architecture, random numbers, the float64 reference and the float32 engine; no files, no screens."""
