"""What no schema says: where a call comes from, and how a provider signs what it sends."""

import base64
import hashlib
import hmac
import itertools
import os
import time

import requests
import schemathesis

# Every call comes from an address of its own (198.18.0.0/15 is set aside for tests): 429 is for
# those who mean to meet it.
addresses = itertools.count()


@schemathesis.hook
def before_call(context, case, kwargs):
    n = next(addresses)
    case.headers["cf-connecting-ip"] = f"198.{18 + (n >> 16 & 1)}.{n >> 8 & 255}.{n & 255}"
    if case.operation.path.startswith("/v1/hooks/"):
        kwargs["auth"] = Provider()


@schemathesis.hook
def before_load_schema(context, document):
    """The document says it once, in words: an optional field of a request may be null."""
    schemas = document["components"]["schemas"]

    def nullable(schema):
        if "$ref" in schema:
            return nullable(schemas[schema["$ref"].split("/")[-1]])
        schema = dict(schema)
        for word in ("anyOf", "allOf", "oneOf"):
            if word in schema:
                schema[word] = [nullable(part) for part in schema[word]]
        if isinstance(schema.get("items"), dict):
            schema["items"] = nullable(schema["items"])
        required = schema.get("required", [])
        if "properties" in schema:
            schema["properties"] = {
                name: nullable(part) if name in required else {"anyOf": [nullable(part), {"type": "null"}]}
                for name, part in schema["properties"].items()
            }
        return schema

    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict) and "requestBody" in operation:
                for content in operation["requestBody"]["content"].values():
                    content["schema"] = nullable(content["schema"])


@schemathesis.check
def is_not_told_to_wait(context, response, case):
    """An answer of 429 proves nothing of the route."""
    assert response.status_code != 429, "refused by a limit that no address reached"


def digest(secret, content):
    return hmac.new(os.environ[secret].encode(), content, hashlib.sha256)


class Provider(requests.auth.AuthBase):
    """Signs as the provider of the path does."""

    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        if "/stripe/" in request.path_url:
            at = int(time.time())
            signature = digest("STRIPE_WEBHOOK_SECRET", f"{at}.".encode() + body).hexdigest()
            request.headers["Stripe-Signature"] = f"t={at},v1={signature}"
        elif "/shopify/" in request.path_url:
            signature = digest("SHOPIFY_CLIENT_SECRET", body).digest()
            request.headers["X-Shopify-Hmac-SHA256"] = base64.b64encode(signature).decode()
        else:
            signature = digest("WOOCOMMERCE_WEBHOOK_SECRET", body).digest()
            request.headers["X-WC-Webhook-Signature"] = base64.b64encode(signature).decode()
        return request
