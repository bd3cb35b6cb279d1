ota-sim init || echo "exit status $?"
ota-sim init project || echo "exit status $?"
ota-sim init ci || echo "exit status $?"
ota-sim init ci jenkins || echo "exit status $?"
ota-sim init ci github gitlab || echo "exit status $?"
ota-sim init ci github --scenarios 'a; rm -rf b' || echo "exit status $?"
ota-sim init ci github --from '$(date)' || echo "exit status $?"
ota-sim init ci github --scenarios '' || echo "exit status $?"
ota-sim init ci github || echo "exit status $?"
ota-sim init ci github --from https://git.example.com/ota-sim.git || echo "exit status $?"
ota-sim init ci github --from somewhere || echo "exit status $?"
touch file
ota-sim init ci github --from ota-sim==0.1.0 -o file/workflow.yml || echo "exit status $?"
ls -A
#--- stdout
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
exit status 2
file
#--- stderr
ota-sim init: for which CI? `ota-sim init ci github` or `ota-sim init ci gitlab`
`ota-sim init --help` shows what there is.
ota-sim init: there is only `init ci`, not `init project`
`ota-sim init --help` shows what there is.
ota-sim init: for which CI? `ota-sim init ci github` or `ota-sim init ci gitlab`
`ota-sim init --help` shows what there is.
ota-sim init: no CI file is known for `jenkins`; there are github and gitlab
`ota-sim init --help` shows what there is.
ota-sim init: one CI system at a time: `gitlab` is too much
`ota-sim init --help` shows what there is.
ota-sim init: --scenarios: letters, digits and ._~:/@%+=- only, not `a; rm -rf b`
`ota-sim init --help` shows what there is.
ota-sim init: --from: letters, digits and ._~:/@%+=- only, not `$(date)`
`ota-sim init --help` shows what there is.
ota-sim init: --scenarios: letters, digits and ._~:/@%+=- only, not ``
`ota-sim init --help` shows what there is.
ota-sim init: where does CI get ota-sim from? Give a package file, ota-sim==VERSION, an index or a git URL with @TAG by --from
`ota-sim init --help` shows what there is.
ota-sim init: which version of https://git.example.com/ota-sim.git? Add @TAG or @COMMIT, so that the job stays as it is
ota-sim init: somewhere is none of: a package file (.deb, .whl, .tar.gz), ota-sim==VERSION, an index of Python packages (https://.../simple), a git URL with @TAG
ota-sim init: file: is no folder
