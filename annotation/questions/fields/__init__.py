"""Field types: what a task shows. One module each, with the members of `base.FieldType`."""
