ota-sim run --help
#--- stdout
usage: ota-sim run [options] FILE|DIR...

Runs scenarios on simulated boards. FILE is a scenario; of a DIR, every *.yaml
and *.yml below it. Exit status: 0 all expectations are met, 1 some are not,
2 bad usage or input, 3 internal error, 4 incomplete and nothing violated so
far, 128 + its number after a signal.

options:
      --json FILE           write a JSON report (-: standard output)
      --html FILE           write a page for the browser, pictures included
      --junit FILE          write a JUnit XML report
      --sarif FILE          write a SARIF 2.1.0 report for code scanning
      --tap FILE            write a TAP 14 report
      --trace FILE          write the runs as a trace for Perfetto
      --markdown FILE       write a summary in Markdown
  -o, --output FILE         write the report that the name's ending says
      --github              annotations and job summary for GitHub Actions
  -k, --match GLOB          only scenarios whose path or name fits
  -l, --list                list the scenarios, run nothing
  -v, --verbose             tell what happens in each step
  -w, --watch               run again whenever a scenario changes
      --save-flash DIR      save each final flash as a file there
      --bootloader FILE     execute this genuine bootloader, as it is
      --rom FILE.elf        and below it this genuine mask ROM
      --elf FILE.elf        the bootloader's names and lines, for -v
  -r, --release NAME[,NAME...]
                            run under these ESP-IDF releases
      --seed N              seed of everything random
      --no-explore          run the steps only, explore no power cuts
  -j, --jobs N              threads for exploring (default: all cores)
      --depth N             at most N power cuts in a row; 0: any number
      --faults NAME[,NAME...]
                            explore with these fault models
      --cuts-per-hour RATE  how often the power goes, for expected numbers
      --strict              hazards of ESP-IDF itself fail a run, too
      --max-time TIME       end an exploration after 90s, 5min, 1h: incomplete
      --max-states N        end an exploration after N distinct states
      --max-memory SIZE     end it at 512M, 4G (default: 3/4 of what is there)
      --fail-fast           run nothing more after the first failure
      --no-memo             recover from every crash state afresh (slow)
      --verify-memo[=SHARE]
                            run a share of what is remembered again; 0.01
      --timing              tell wall-clock times in reports
      --shard K/N           run only the K-th of N shares
  -h, --help                show this help
