"""The product's version, said here and nowhere else: the wheel and the metrics read it."""

VERSION = "0.1.0"
