# The same for programs: the largest number of 64 bits as a text, since JSON's numbers end before it.
printf '%s\n' key,type,encoding,value n,namespace,, large,data,u64,18446744073709551615 small,data,i64,-9223372036854775808 \
    text,data,string,hello bytes,data,hex2bin,00ff >a.csv
ota-sim nvs make a.csv a.bin --size 12K
ota-sim nvs show --json - a.bin
#--- stdout
{
  "format": "ota-sim-nvs/1",
  "pages": [
    {
      "state": "ACTIVE",
      "seq": 0,
      "header_crc_right": true,
      "written": 8,
      "erased": 0,
      "empty": 118,
      "illegal": 0
    },
    {
      "state": "blank",
      "seq": 4294967295,
      "header_crc_right": false,
      "written": 0,
      "erased": 0,
      "empty": 126,
      "illegal": 0
    },
    {
      "state": "blank",
      "seq": 4294967295,
      "header_crc_right": false,
      "written": 0,
      "erased": 0,
      "empty": 126,
      "illegal": 0
    }
  ],
  "start": "ESP_OK",
  "repairs": 0,
  "repair_text": "",
  "values": [
    {
      "namespace": "n",
      "key": "large",
      "type": "u64",
      "value": "18446744073709551615"
    },
    {
      "namespace": "n",
      "key": "small",
      "type": "i64",
      "value": -9223372036854775808
    },
    {
      "namespace": "n",
      "key": "text",
      "type": "string",
      "value": "hello"
    },
    {
      "namespace": "n",
      "key": "bytes",
      "type": "blob",
      "value": "00ff"
    }
  ],
  "damaged": [],
  "used_entries": 8,
  "total_entries": 378
}
