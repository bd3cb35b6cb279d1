# Test runners and batch systems say by the environment which shard it is.
cp -r "$DATA/folder" .
shard() { env "$@" ota-sim run --release v5.5,v6.0 folder | tail -n 1; }
shard TEST_TOTAL_SHARDS=3 TEST_SHARD_INDEX=0
shard TEST_TOTAL_SHARDS=3 TEST_SHARD_INDEX=2 TEST_SHARD_STATUS_FILE="$PWD/status"
[ -f status ]
shard SLURM_ARRAY_TASK_ID=11 SLURM_ARRAY_TASK_COUNT=2 SLURM_ARRAY_TASK_MIN=10
shard SLURM_ARRAY_TASK_ID=5 SLURM_ARRAY_TASK_COUNT=5 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_MAX=9 SLURM_ARRAY_TASK_STEP=2
shard JOB_COMPLETION_INDEX=1 JOB_COMPLETIONS=2
shard JOB_COMPLETION_INDEX=1 JOB_COMPLETIONS=2 TEST_TOTAL_SHARDS=2 TEST_SHARD_INDEX=1 # they agree
shard JOB_COMPLETION_INDEX= TEST_TOTAL_SHARDS= SLURM_ARRAY_TASK_ID=
echo "-- the flag wins"
rm status
TEST_TOTAL_SHARDS=3 TEST_SHARD_INDEX=2 TEST_SHARD_STATUS_FILE=status ota-sim run --shard 1/2 folder | tail -n 1
ls status 2>&1 || true
JOB_COMPLETION_INDEX=nonsense ota-sim run --shard 1/2 folder | tail -n 1
#--- stdout glob
shard 1/3 (TEST_SHARD_INDEX): 2 of 4 runs
shard 3/3 (TEST_SHARD_INDEX): 1 of 4 runs
shard 2/2 (SLURM_ARRAY_TASK_ID): 2 of 4 runs
shard 3/5 (SLURM_ARRAY_TASK_ID): 1 of 4 runs
shard 2/2 (JOB_COMPLETION_INDEX): 2 of 4 runs
shard 2/2 (TEST_SHARD_INDEX): 2 of 4 runs
4 scenarios: 4 passed, 0 failed, 0 errors, in * s
-- the flag wins
shard 1/2 (--shard): 1 of 2 runs
ls: cannot access 'status': No such file or directory
shard 1/2 (--shard): 1 of 2 runs
