"""Pages to look at: single files without external resources, safe against what the code in them holds."""
