"""Makes images and containers from plans. Only ``berth.engine.docker`` knows the docker package."""
