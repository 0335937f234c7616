"""Floor 2, the work: organization, project, task, assignment, annotation, event, webhook. Knows workforce, nothing above."""
