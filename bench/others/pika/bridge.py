"""A plain consumer with pika and boto3: calls of ten entries, one after another, acknowledged when the bus has them.

Gets its job as JSON, and prints what it cost as JSON (bench/others/run.ts).
"""

import json
import resource
import sys
import time
import urllib.request

import boto3
import pika
from botocore.config import Config

job = json.loads(sys.argv[1])
config = Config(max_pool_connections=10, retries={"max_attempts": 1})
client = boto3.client("events", endpoint_url=job["stubUrl"], region_name="eu-central-1", config=config)
connection = pika.BlockingConnection(pika.URLParameters(job["amqpUrl"]))


def consume(queue, count):
    channel = connection.channel()
    channel.basic_qos(prefetch_count=100)
    batch = []
    remaining = count
    for method, _, body in channel.consume(queue):
        batch.append((method, body))
        if len(batch) == min(10, remaining):
            put([json.loads(body)["data"] for _, body in batch])
            channel.basic_ack(batch[-1][0].delivery_tag, multiple=True)
            remaining -= len(batch)
            batch = []
        if remaining == 0:
            break
    channel.cancel()
    channel.close()


def put(events):
    entries = [
        {
            "EventBusName": "bench",
            "Source": "ecos.bench-0",
            "DetailType": event["type"],
            "Detail": json.dumps(event),
        }
        for event in events
    ]
    answer = client.put_events(Entries=entries)
    if answer["FailedEntryCount"] > 0:
        raise RuntimeError("The bus of the bench takes every event")


def cpu_micros():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1e6


consume(job["warmUpQueue"], job["warmUpEvents"])
urllib.request.urlopen(job["stubUrl"] + "/reset").read()
started = time.monotonic_ns() / 1000
before = cpu_micros()
consume(job["queue"], job["events"])
cost = {
    "startedMicros": started,
    "endedMicros": time.monotonic_ns() / 1000,
    "cpuMicros": cpu_micros() - before,
    "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}
print(json.dumps(cost))
connection.close()
