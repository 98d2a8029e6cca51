"""Seeds a mock tenant, breaks it, moves its clock and asserts, over HTTP. Environment: MOCK_TENANT, its base URL."""
import json
import os
import unittest
import urllib.error
import urllib.request

BASE = os.environ["MOCK_TENANT"]
PROVISIONING = "/api/v2/connections/con_python/directory-provisioning"


def call(method, path, body=None, token=None):
    headers = {"authorization": f"Bearer {token}"} if token else {}
    data = None if body is None else json.dumps(body).encode()
    try:
        with urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers, method=method)) as response:
            return response.status, json.loads(response.read() or "null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


class ControlTest(unittest.TestCase):
    def test_a_rate_limited_tenant_recovers_when_its_clock_moves(self):
        connection = {"id": "con_python", "strategy": "google-apps", "directory_provisioning": {}}
        call("POST", "/_mock/clock", {"frozen": True})
        self.assertEqual(call("POST", "/_mock/seed", {"plan": "free", "connections": [connection]})[0], 200)
        token = call("POST", "/_mock/tokens", {})[1]["access_token"]
        self.assertEqual([call("GET", PROVISIONING, token=token)[0] for _ in range(3)], [200, 200, 429])
        call("POST", "/_mock/clock", {"advance_seconds": 1})
        self.assertEqual(call("GET", PROVISIONING, token=token)[0], 200)
        status, refused = call("POST", "/_mock/faults", {"kind": "fire"})
        self.assertEqual((status, "unknown variant" in refused["error"]), (400, True))


if __name__ == "__main__":
    unittest.main()
