printf 'name: [1]\nboard: 7\nimages: none\nseed: -1\nsteps: {a: b}\n' >types.yaml
ota-sim run types.yaml
#--- exit 2
#--- stdout glob

ERROR types.yaml:1:7: `name` must be a text, not a list
1 scenario: 0 passed, 0 failed, 1 error, in * s
#--- stderr
types.yaml:1:7: error[E0104]: `name` must be a text, not a list
  |
1 | name: [1]
  |       ^^^

types.yaml:2:8: error[E0104]: `board` must be a mapping, not `7`
  |
2 | board: 7
  |        ^

types.yaml:3:9: error[E0104]: `images` must be a mapping, not `none`
  |
3 | images: none
  |         ^^^^
  = help: write `NAME: {version: 1.0.0}` lines below it

types.yaml:4:7: error[E0106]: `seed` must lie between 1 and 0xffffffffffffffff
  |
4 | seed: -1
  |       ^^

types.yaml:5:8: error[E0104]: `steps` must be a list, not a mapping
  |
5 | steps: {a: b}
  |        ^^^^^^
  = help: each step begins with `- `
