"""Pure: what several answers say together. One module per question type (distance, aggregate, passes), and the estimators.

Start at `registry.for_type(name)`; `decide` says what follows. Answers arrive as `votes.Vote`, leave as `votes.Result`.
"""
