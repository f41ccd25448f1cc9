"""The catalogue of misconceptions: diagnosed in an answer, planted in the engine, warned of."""
