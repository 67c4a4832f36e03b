"""Which files an image build uses, their digest, and the tar that carries them; blocking, called in worker threads."""
