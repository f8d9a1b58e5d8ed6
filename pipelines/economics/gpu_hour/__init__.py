"""What a GPU-hour costs its owner and earns: capital, power, space, margins. Not here: tokens, megawatts."""
