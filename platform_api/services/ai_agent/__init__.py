"""Stories about a span: facts first, then words, and no word without its fact."""
