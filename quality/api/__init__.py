"""Endpoints of the customer's API whose act is a judgement: reviews, gold, accept and reject."""
