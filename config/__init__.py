"""Floor 4, the roof: settings, addresses, entry points, and the one table from refusal to HTTP answer. Knows everything."""
