"""The product's version, said here and nowhere else: the wheel, the metrics and the API's page read it."""

VERSION = "0.1.0"
