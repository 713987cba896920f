"""A listener of record events: prints each event with the attributes that it asked for.

usage: listener.py AMQP_URL TENANT QUEUE EVENT_TYPE ATTRIBUTE...
"""
import json, sys, time, uuid
import pika

url, tenant, queue, event_type, *attributes = sys.argv[1:]
exchange, lease_seconds = f"tenant.{tenant}.record-events", 300
me = {"id": "python-listener", "instanceId": str(uuid.uuid4())}
connection = pika.BlockingConnection(pika.URLParameters(url))
channel = connection.channel()
channel.queue_declare(queue, durable=True)
channel.exchange_declare(exchange, "topic", durable=True)
own = channel.queue_declare("", exclusive=True, auto_delete=True).method.queue
channel.queue_bind(own, exchange, "source.*")

def subscribe(to_exchange, routing_key):
    message = {"version": 1, "kind": "listener.subscribed", "sequence": time.time_ns() // 1_000_000,
               "listener": me, "queue": queue, "replyTo": own, "leaseSeconds": lease_seconds,
               "interests": {event_type: {"attributes": attributes}}}
    channel.basic_publish(to_exchange, routing_key, json.dumps(message))

def renew():
    subscribe(exchange, "listener.subscribed")
    connection.call_later(lease_seconds / 3, renew)

def on_handshake(_, method, properties, body):
    message = json.loads(body)
    if message["version"] == 1 and message["kind"] == "source.started":
        subscribe("", message["replyTo"])

def on_event(_, method, properties, body):
    print(json.dumps(json.loads(body)["data"], ensure_ascii=False), flush=True)
    channel.basic_ack(method.delivery_tag)

channel.basic_consume(own, on_handshake, auto_ack=True)
channel.basic_consume(queue, on_event)
renew()
channel.start_consuming()
