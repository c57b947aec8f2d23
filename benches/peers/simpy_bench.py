"""W1 and W3 with SimPy: one process for each request and a Resource for each server, as its documentation does it.

Prints name, seconds on the processor, requests. Use: simpy_bench.py W1|W3 REQUESTS
"""
import random
import sys
import time

import simpy

workload, n = sys.argv[1], int(sys.argv[2])
draw = random.Random(1)
env = simpy.Environment()
responses = []


def customer(server):
    came = env.now
    with server.request() as request:
        yield request
        yield env.timeout(draw.expovariate(1.0))
    responses.append(env.now - came)


def web(server, database):
    came = env.now
    with server.request() as request:
        yield request
        yield env.timeout(draw.expovariate(200.0))
    if draw.random() < 0.2:
        with database.request() as request:
            yield request
            yield env.timeout(draw.expovariate(100.0))
    responses.append(env.now - came)


def arrivals():
    if workload == "W1":
        server = simpy.Resource(env, capacity=1)
        for _ in range(n):
            yield env.timeout(draw.expovariate(0.8))
            env.process(customer(server))
    else:
        servers = [simpy.Resource(env, capacity=8) for _ in range(4)]
        database = simpy.Resource(env, capacity=16)
        for i in range(n):
            yield env.timeout(draw.expovariate(5000.0))
            env.process(web(servers[i & 3], database))


env.process(arrivals())
start = time.process_time()
env.run()
assert len(responses) == n
print(f"{workload} SimPy\t{time.process_time() - start:.6f}\t{n}")
