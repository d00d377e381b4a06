from django.core.management import call_command


def test_the_definitions_in_the_docs_are_those_of_the_catalogue():
    call_command("describe_numbers", check=True)
