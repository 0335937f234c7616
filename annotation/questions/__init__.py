"""The label language `manyhands/1`: what is shown, what is asked, and what an answer may be. Pure: no Django, no clock, no database.

A schema is compiled once (`schema.Schema.load`); tasks and answers are then checked against it (`answers.check_payload`,
`answers.check_answer`). Every question type is a module with the members of `base.QuestionType`, every field type one with those of
`base.FieldType`; `registry` names them.
"""
