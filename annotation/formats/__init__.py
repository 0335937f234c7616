"""Import and export formats: pure generators over rows."""
