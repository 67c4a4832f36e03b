"""``python -m tests.model [PORT]``: the tests' model endpoint, until it is interrupted."""

import asyncio
import sys

from tests.model.server import model_server


async def main(port: int) -> None:
    async with model_server(port=port) as model:
        sys.stdout.write(f"http://127.0.0.1:{model.port}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
    except KeyboardInterrupt:
        sys.exit(130)
