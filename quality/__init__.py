"""Floor 3, trust: gold, consensus, review, scorecard, result. Knows annotation and workforce, nothing above."""
