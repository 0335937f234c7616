"""Pure: how far answers agree, and what a sample shows. Measures between two answers (sets, ranks, strings, spans, shapes), statistics
over many, intervals and exact bounds, sampling, the decision about a batch."""
