"""How an installation is brought up; knows nothing of the product's code."""
