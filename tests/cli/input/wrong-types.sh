printf 'name: [1]\nboard: 7\nimages: none\nseed: -1\nsteps: {a: b}\n' >types.yaml
ota-sim run types.yaml
