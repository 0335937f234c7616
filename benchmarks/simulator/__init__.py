"""A day of a workforce in simulated time: people and customers are drawn, everything in between is the product.

`world` draws who comes and what is posted, `house` puts it into the database by the acts, `engine` plays the day, `policies` choose
who gets what, `measures` counts.
"""
