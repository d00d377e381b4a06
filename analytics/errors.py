from common.errors import Invalid, Missing


class NumberNotFound(Missing):
    key = "number_not_found"


class QuestionInvalid(Invalid):
    """The question names a dimension that the number cannot be split up or narrowed by, or a
    period that ends before it begins."""
