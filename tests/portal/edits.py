"""What the audit's export says, row by row."""

import csv
import io


def exported(client, shop, **filters):
    answer = client.get(f"/shops/{shop.slug}/audit.csv", filters)
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
