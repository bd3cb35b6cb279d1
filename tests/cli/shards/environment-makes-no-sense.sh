cp "$DATA/passes.yaml" .
wrong() {
    echo "-- $*"
    env "$@" ota-sim run passes.yaml 2>errors || [ $? -eq 2 ]
    head -n 1 errors
}
wrong TEST_SHARD_INDEX=0
wrong TEST_TOTAL_SHARDS=2
wrong TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=2
wrong TEST_TOTAL_SHARDS=0 TEST_SHARD_INDEX=0
wrong TEST_TOTAL_SHARDS=two TEST_SHARD_INDEX=0
wrong TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=-1
wrong TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=0 TEST_SHARD_STATUS_FILE=no-such-folder/status
wrong SLURM_ARRAY_TASK_ID=1
wrong SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=4
wrong SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1
wrong SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1
wrong SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7
wrong JOB_COMPLETION_INDEX=0
wrong JOB_COMPLETION_INDEX=3 JOB_COMPLETIONS=3
wrong JOB_COMPLETION_INDEX=0 JOB_COMPLETIONS=2 TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=1
#--- stdout
-- TEST_SHARD_INDEX=0
ota-sim run: TEST_SHARD_INDEX is set, TEST_TOTAL_SHARDS is not: which share of the run is meant? (--shard overrides both)
-- TEST_TOTAL_SHARDS=2
ota-sim run: TEST_TOTAL_SHARDS is set, TEST_SHARD_INDEX is not: which share of the run is meant? (--shard overrides both)
-- TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=2
ota-sim run: TEST_SHARD_INDEX: there is no shard with index 2 among 2 counted from 0
-- TEST_TOTAL_SHARDS=0 TEST_SHARD_INDEX=0
ota-sim run: TEST_SHARD_INDEX: there is no shard with index 0 among 0 counted from 0
-- TEST_TOTAL_SHARDS=two TEST_SHARD_INDEX=0
ota-sim run: TEST_TOTAL_SHARDS is `two`, which is no number
-- TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=-1
ota-sim run: TEST_SHARD_INDEX is `-1`, which is no number
-- TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=0 TEST_SHARD_STATUS_FILE=no-such-folder/status
ota-sim run: TEST_SHARD_STATUS_FILE: no-such-folder/status: No such file or directory
-- SLURM_ARRAY_TASK_ID=1
ota-sim run: SLURM_ARRAY_TASK_ID is set, SLURM_ARRAY_TASK_COUNT is not: which share of the run is meant? (--shard overrides both)
-- SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=4
ota-sim run: SLURM_ARRAY_TASK_ID is set, SLURM_ARRAY_TASK_MIN is not: which share of the run is meant? (--shard overrides both)
-- SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1
ota-sim run: SLURM_ARRAY_TASK_ID is 5, of 4 tasks from 1 to 4: an array with gaps? (--shard overrides it)
-- SLURM_ARRAY_TASK_ID=0 SLURM_ARRAY_TASK_COUNT=4 SLURM_ARRAY_TASK_MIN=1
ota-sim run: SLURM_ARRAY_TASK_ID is 0, of 4 tasks from 1 to 4: an array with gaps? (--shard overrides it)
-- SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_TASK_COUNT=3 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=7
ota-sim run: SLURM_ARRAY_TASK_ID is 1, of 3 tasks from 1 to 7: an array with gaps? (--shard overrides it)
-- JOB_COMPLETION_INDEX=0
ota-sim run: JOB_COMPLETION_INDEX is set, JOB_COMPLETIONS is not: which share of the run is meant? (--shard overrides both)
-- JOB_COMPLETION_INDEX=3 JOB_COMPLETIONS=3
ota-sim run: JOB_COMPLETION_INDEX: there is no shard with index 3 among 3 counted from 0
-- JOB_COMPLETION_INDEX=0 JOB_COMPLETIONS=2 TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=1
ota-sim run: TEST_SHARD_INDEX says shard 2/2, JOB_COMPLETION_INDEX says 1/2: --shard settles it
