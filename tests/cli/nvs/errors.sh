# What cannot be: a message that says where and what would be right, exit status 2, and no file is left.
wrong() { # LINE...: of a CSV
    printf '%s\n' "$@" >a.csv
    refused make a.csv out.bin --size 0x3000
}
refused() { # ARGUMENTS
    status=0
    ota-sim nvs "$@" || status=$?
    [ "$status" -eq 2 ]
    [ ! -e out.bin ]
}
header=key,type,encoding,value
wrong n,namespace,,
wrong
wrong $header k,data,u8,1
wrong $header n,namespace,, k,data,u8,256
wrong $header n,namespace,, k,data,u8,-1
wrong $header n,namespace,, k,data,i8,-129
wrong $header n,namespace,, k,data,u32,010
wrong $header n,namespace,, k,data,u32,five
wrong $header n,namespace,, k,data,u24,5
wrong $header n,namespace,, k,data,hex2bin,abc
wrong $header n,namespace,, k,data,base64,abc
wrong $header n,namespace,, k,file,binary,absent.bin
wrong $header n,namespace,, k,blob,binary,x
wrong $header n,namespace,, a_key_of_16_char,data,u8,1
wrong $header ,namespace,,
wrong $header n,namespace,, k,data,u8,1,2
wrong $header n,namespace,, 'k,data,string,"open'
head -c 9000 /dev/zero >large.bin
wrong $header n,namespace,, k,file,binary,large.bin
refused make a.csv out.bin
refused make a.csv out.bin --size 0x2000
refused make a.csv out.bin --size 0x3001
refused make absent.csv out.bin --size 0x3000
refused show
refused show absent.bin
refused show /dev/null
refused show a.csv
refused show a.csv a.csv
refused repair a.csv
refused
head -c 12288 /dev/zero | tr '\0' '\377' >blank.bin
refused show blank.bin --partition nvs
ota-sim nvs check blank.bin
#--- stdout
blank.bin: whole: 0 values, nothing to repair
#--- stderr
ota-sim nvs: a.csv:1: the first row has to be key,type,encoding,value
ota-sim nvs: a.csv: empty: the first row has to be key,type,encoding,value
ota-sim nvs: a.csv:2: a value before the first namespace
ota-sim nvs: a.csv:3: 256 does not fit into u8
ota-sim nvs: a.csv:3: -1 does not fit into u8
ota-sim nvs: a.csv:3: -129 does not fit into i8
ota-sim nvs: a.csv:3: `010` is not a number of 64 bits
ota-sim nvs: a.csv:3: `five` is not a number of 64 bits
ota-sim nvs: a.csv:3: no encoding `u24`: u8 to i64, string, hex2bin, base64 or binary is wanted
ota-sim nvs: a.csv:3: hex2bin: pairs of hexadecimal digits are wanted
ota-sim nvs: a.csv:3: base64: the value is not of that form
ota-sim nvs: a.csv:3: absent.bin: cannot open: No such file or directory
ota-sim nvs: a.csv:3: no type `blob`: namespace, data or file is wanted
ota-sim nvs: a.csv:3: `a_key_of_16_char` has 16 characters: a key has at most 15
ota-sim nvs: a.csv:2: a namespace needs a name
ota-sim nvs: a.csv:3: more than four fields: key,type,encoding,value are wanted
ota-sim nvs: a.csv:3: a quote is not closed
ota-sim nvs: a.csv: `k` in `n`: NVS refuses it: ESP_ERR_NVS_VALUE_TOO_LONG
ota-sim nvs: make needs --size: of the partition in your table
`ota-sim nvs --help` shows what there is.
ota-sim nvs: a.csv: an NVS partition has 0x3000 to 0x100000 bytes, a multiple of 0x1000, not 0x2000
ota-sim nvs: a.csv: an NVS partition has 0x3000 to 0x100000 bytes, a multiple of 0x1000, not 0x3001
ota-sim nvs: absent.csv: cannot open: No such file or directory
ota-sim nvs: show takes one file
`ota-sim nvs --help` shows what there is.
ota-sim nvs: absent.bin: cannot open: No such file or directory
ota-sim nvs: /dev/null: empty
ota-sim nvs: a.csv: an NVS partition has 0x1000 to 0x100000 bytes, a multiple of 0x1000, not 0x3e
ota-sim nvs: show takes one file
`ota-sim nvs --help` shows what there is.
ota-sim nvs: there is no `repair`: show, check, make or diff
`ota-sim nvs --help` shows what there is.
ota-sim nvs: show, check, make or diff?
`ota-sim nvs --help` shows what there is.
ota-sim nvs: blank.bin: no whole dump: there is no partition table in it
