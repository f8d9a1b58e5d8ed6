"""Throughput: tokens per second that systems were measured to serve. Not here: medians, or what tokens are worth."""
