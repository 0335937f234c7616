"""Merging answers: one module per question type, and the estimators. Pure."""
