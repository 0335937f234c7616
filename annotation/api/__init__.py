"""The customer's API (`/api/v1`): parse, permit, one act, answer. `config.api` mounts it and says which refusal is which status."""
