"""Pure: how far answers agree. Measures between two answers (sets, ranks, strings, spans, shapes), statistics over many, intervals."""
