"""A source of record events: announces one event to every listener that wants it.

usage: source.py AMQP_URL TENANT EVENT_TYPE RECORD '{"path": value, ...}'
"""
import json, sys, time, uuid
import pika

url, tenant, event_type, record, values = sys.argv[1:]
exchange, settle_seconds = f"tenant.{tenant}.record-events", 2
me = {"id": "python-source", "instanceId": str(uuid.uuid4())}
connection = pika.BlockingConnection(pika.URLParameters(url))
channel = connection.channel()
channel.confirm_delivery()  # publishing fails unless the broker keeps the message
channel.exchange_declare(exchange, "topic", durable=True)
own = channel.queue_declare("", exclusive=True, auto_delete=True).method.queue
channel.queue_bind(own, exchange, "listener.*")
listeners, latest = {}, {}

def on_handshake(_, method, properties, body):
    message = json.loads(body)
    instance = (message["listener"]["id"], message["listener"]["instanceId"])
    if message["version"] != 1 or message["sequence"] <= latest.get(instance, -1):
        return
    latest[instance] = message["sequence"]
    listeners[instance] = message if message["kind"] == "listener.subscribed" else None

channel.basic_consume(own, on_handshake, auto_ack=True)
started = {"version": 1, "kind": "source.started", "sequence": 1, "source": me, "replyTo": own}
channel.basic_publish(exchange, "source.started", json.dumps(started))
connection.sleep(settle_seconds)

data = {"id": str(uuid.uuid4()), "type": event_type, "docId": record, "createdDate": time.time_ns() // 1_000_000}
# Instances of one listener share a queue.
wanting = {m["queue"]: m for m in listeners.values() if m and event_type in m["interests"]}
for queue, listener in wanting.items():
    paths = listener["interests"][event_type]["attributes"]
    attributes = {path: json.loads(values).get(path) for path in paths}
    properties = pika.BasicProperties(delivery_mode=2, type=event_type, message_id=data["id"])
    body = json.dumps({"data": {**data, "attributes": attributes}})
    channel.basic_publish("", queue, body, properties, mandatory=True)
    print(listener["listener"]["id"], flush=True)
connection.close()
