"""Acts: the only code that writes, one function per act."""
