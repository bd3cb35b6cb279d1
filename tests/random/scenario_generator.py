"""Random valid scenarios: small boards on which everything happens that the language can say.

Each is made from one number. Sizes are kept so small that an exploration without any shortcut ends within seconds; what
is exhaustive by nature (pairs of late bits) is asked for around short operations only."""

import random

RELEASES = ["v4.4", "v5.1", "v5.3", "v5.4", "v5.5", "v6.0", "v6.1", "master"]
STATES = ["NEW", "PENDING_VERIFY", "VALID", "INVALID", "ABORTED", "UNDEFINED", 5]
BEHAVIOURS = ["nothing", "confirm", "confirm", "crash", "hang", "self_test_fails"]
RESETS = ["boot", "restart", "restart", "deep_sleep", "power_cycle"]

# Calls that return an esp_err_t; the others give a partition, a number or a truth value.
RETURN_CODES = {
    "begin", "resume", "write", "write_with_offset", "set_final_partition", "end", "abort", "set_boot_partition",
    "set_boot_partition_skip_validate", "mark_app_valid_cancel_rollback", "mark_app_invalid_rollback",
    "mark_app_invalid_rollback_and_reboot", "erase_last_boot_app_partition", "invalidate_inactive_ota_data_slot",
    "esp_partition_erase_range", "esp_partition_write", "esp_partition_read", "esp_partition_mmap", "esp_flash_erase_region",
    "esp_flash_write", "esp_flash_read", "esp_flash_set_dangerous_write_protection",
    "get_state_partition", "get_partition_description", "check_image_validity", "update", "nvs_set", "nvs_get", "nvs_erase",
    "nvs_commit", "nvs_count", "https_ota", "https_ota_begin", "https_ota_perform", "https_ota_finish", "https_ota_abort",
    "https_ota_get_img_desc", "https_ota_get_bootloader_img_desc",
}


# Steps that write an image.
DOWNLOADS = ("update", "write", "https_ota", "https_ota_perform")

# Models that leave a torn program or erase in more than a few states.
TEARS = {"prefix", "partial-erase", "neighbour", "unstable", "late-bits"}


class ScenarioGenerator:
    def __init__(self, seed, vocabulary):
        self.random = random.Random(seed)
        self.vocabulary = vocabulary
        self.seed = seed

    def chance(self, share):
        return self.random.random() < share

    def pick(self, *choices):
        return self.random.choice(choices)

    def scenario(self):
        self.slots = []
        self.large = self.chance(0.06)  # images of several sectors, cut between operations only
        self.secure = self.chance(0.25)  # a product with anti-rollback, whose versions rise
        board = self.board()
        images = self.images()
        scenario = {"name": f"random {self.seed}", "seed": self.random.randint(1, 9), "board": board, "images": images}
        flash = self.flash()
        if flash:
            scenario["flash"] = flash
        scenario["steps"] = self.steps()
        scenario["explore"] = self.explore(scenario["steps"])
        scenario["server"] = {"files": {"/fw.bin": self.answers()}}
        return scenario

    def answers(self):
        """What a server has, which may be replaced after a request, and how it sends it."""
        answers = []
        for _ in range(self.pick(1, 1, 2)):
            answer = {"image": self.image()}
            if self.chance(0.3):
                answer["content_length"] = self.pick("chunked", "none")
            if self.chance(0.3):
                answer["ends"] = {"after": self.random.randint(0, 2000), "how": self.pick("close", "reset")}
            if self.chance(0.3):
                answer["ranges"] = self.pick("ignored", "refused")
            answers.append(answer)
        return answers

    # ---- the board ----

    def board(self):
        board = {"size": self.pick("1M", "2M", "4M"), "partitions": self.partitions()}
        if self.chance(0.8):
            board["release"] = self.pick(*RELEASES)
        config = self.config()
        if config:
            board["config"] = config
        if self.chance(0.3 if self.secure else 0.25):
            board["bootloader"] = self.bootloader(config)
        efuse = {}
        if self.chance(0.4):
            efuse["secure_version"] = self.random.randint(0, 2)
        if self.chance(0.1):
            efuse["chip_revision"] = self.pick("v1.0", "v3.0", "v3.1")
        if efuse:
            board["efuse"] = efuse
        if self.chance(0.2):
            board["at_boot"] = self.pick("nothing", "confirm")
        return board

    def partitions(self):
        rows = []
        self.has_otadata = self.chance(0.96)
        self.has_nvs = self.chance(0.5)
        if self.has_nvs:
            rows.append("nvs, data, nvs, 0x9000, 0x4000")
        if self.has_otadata:
            rows.append("otadata, data, ota, 0xd000, 0x2000")
        offset = "0x10000"
        self.has_factory = self.chance(0.5)
        if self.has_factory:
            rows.append(f"factory, app, factory, {offset}, 64K")
            offset = ""
        self.has_test = self.chance(0.15)
        if self.has_test:
            rows.append(f"test, app, test, {offset}, 64K")
            offset = ""
        for i in range(self.pick(1, 2, 2, 2, 2, 2, 3)):
            rows.append(f"ota_{i}, app, ota_{i}, {offset}, 64K")
            offset = ""
            self.slots.append(f"ota_{i}")
        self.apps = (["factory"] if self.has_factory else []) + (["test"] if self.has_test else []) + self.slots
        return "\n".join(rows) + "\n"

    def config(self):
        config = {}
        if self.secure:
            config = {"rollback": True, "anti_rollback": True, "secure_version_bits": self.pick(4, 16)}
        elif self.chance(0.65):
            config["rollback"] = True
            if self.chance(0.4):
                config["anti_rollback"] = True
                config["secure_version_bits"] = self.pick(4, 16)
        if self.chance(0.4 if self.secure else 0.25):
            config["skip_validate"] = self.pick("always", "power_on", *["deep_sleep"] * (4 if self.secure else 1))
        if self.chance(0.2):
            config["factory_reset"] = True
            config["factory_reset_erases_otadata"] = self.chance(0.5)
        if self.has_test and self.chance(0.5):
            config["app_test"] = True
        return config

    def bootloader(self, config):
        bootloader = {}
        if self.secure and self.chance(0.5):
            return {"secure_version_bits": self.pick(1, 2)}  # it sees less of the eFuse than the app does
        if self.chance(0.6):
            bootloader["release"] = self.pick(*RELEASES)
        if config.get("anti_rollback"):
            bootloader["anti_rollback"] = self.chance(0.5)
        elif self.chance(0.5):
            bootloader["rollback"] = self.chance(0.5)
        return bootloader or {"release": self.pick(*RELEASES)}

    # ---- images and what lies in flash ----

    def images(self):
        self.image_names = [f"i{k}" for k in range(self.pick(2, 3, 3, 4))]
        images = {}
        for name in self.image_names:
            image = {"version": self.pick("1.0.0", "1.1.0", "2.0.0", "3.0.0"),
                     "size": self.random.randint(*((4500, 9000) if self.large else (560, 900))), "seed": self.random.randint(1, 3) + 3 * len(images)}  # no two are the same bytes
            if self.secure:
                image["secure_version"] = len(images) + self.pick(0, 1)
            elif self.chance(0.4):
                image["secure_version"] = self.random.randint(0, 3)
            roll = self.random.random()
            if roll < 0.7:
                image["at_boot"] = self.pick(*BEHAVIOURS)
            elif roll < 0.85:
                image["at_boot"] = self.actions(len(images))
            elif roll < 0.93:
                image["boots"] = [self.pick(*BEHAVIOURS) for _ in range(self.pick(2, 2, 3))]
            if self.chance(0.15):
                image["release"] = self.pick(*RELEASES)
            if self.chance(0.15):
                image["config"] = self.pick({"rollback": False, "anti_rollback": False}, {"rollback": True, "anti_rollback": False},
                                            {"rollback": True, "anti_rollback": True})
            if self.chance(0.06):
                image["damage"] = self.pick({"truncate": self.random.randint(100, 500)},
                                            {"at": self.random.randint(24, 500), "flip": "01"})
            if self.chance(0.05):
                image["hash"] = False
            images[name] = image
        self.made = images
        return images

    def actions(self, made):
        """What an app does in one start, in order."""
        actions = [self.pick("nothing", "confirm_if_pending", "confirm", {"wait": "20s"})]
        if self.chance(0.3):
            reason = self.pick("power_on", "software", "panic", "watchdog", "deep_sleep", "brownout")
            actions.append({"on": reason, "do": self.pick("confirm", ["self_test_fails"], "crash", "deep_sleep")})
        if made and self.chance(0.1):
            actions.append({"update": {"image": f"i{made - 1}", "refuses": self.pick("running", ["running", "last_invalid"])}})
        elif self.chance(0.5):
            actions.append(self.pick("crash", "hang", "self_test_fails", "restart", "deep_sleep", "confirm"))
        return actions

    def length(self, image):
        """Bytes that there are of it at least."""
        return self.made[image].get("damage", {}).get("truncate", 560)

    def image(self):
        return self.random.choice(self.image_names)

    def entry(self):
        if self.chance(0.25):
            return "blank"
        entry = {"seq": self.pick(0, 1, 1, 2, 2, 3, 4, 5, 0xFFFFFFFE)}
        if self.chance(0.7):
            entry["state"] = self.pick(*STATES)
        if self.chance(0.08):
            entry["crc"] = "bad"
        return entry

    def flash(self):
        flash = {}
        if self.chance(0.75):
            return self.sane_flash()
        for app in self.apps:
            if self.chance(0.8 if app in ("factory", "ota_0") else 0.5):
                flash[app] = self.image() if self.chance(0.94) else {"random": self.random.randint(1, 9), "length": 300}
        if self.has_otadata and self.chance(0.75):
            flash["otadata"] = [self.entry(), self.entry()]
        return flash

    def sane_flash(self):
        """A device that starts: a whole app where the record, if there is one, says."""
        sane = [name for name, image in self.made.items() if "damage" not in image and image.get("at_boot") != "crash"]
        running = self.random.choice(sane or self.image_names)
        flash = {self.apps[0]: running}
        for app in self.apps[1:]:
            if self.chance(0.5):
                flash[app] = self.image()
        if self.has_otadata and (not self.has_factory or self.chance(0.5)):
            chosen = self.random.choice(self.slots)
            flash[chosen] = running
            sequence = self.slots.index(chosen) + 1 + len(self.slots) * self.random.randint(0, 2)
            record = {"seq": sequence, "state": self.pick("VALID", "VALID", "UNDEFINED", "NEW", "PENDING_VERIFY")}
            other = self.pick("blank", {"seq": max(sequence - 1, 1), "state": "VALID"})
            flash["otadata"] = [record, other] if sequence % 2 == 1 else [other, record]
        return flash

    # ---- steps ----

    def steps(self):
        steps = [{"boot": None}] if self.chance(0.7) else []
        for _ in range(self.random.randint(1, 5)):
            steps.extend(self.step(True))
        if not any(set(step) & RETURN_CODES for step in steps):
            steps.extend(self.plain("update"))
        verbs = self.vocabulary.steps
        at = self.random.randint(0, len(steps))
        while at > 0 and ("power_loss" in steps[at - 1] or "reset" in steps[at - 1]):
            at -= 1  # it cuts the step right behind it
        steps[at:at] = self.plain(verbs[self.seed % len(verbs)])  # each has its turn
        for i, step in enumerate(steps):
            if self.chance(0.3):
                step["name"] = f"s{i}"
        return steps

    def step(self, nests):
        roll = self.random.random()
        if roll < 0.3:
            return self.flow()
        if roll < 0.5:
            return [{self.pick(*RESETS): None}]
        verbs = [verb for verb in self.vocabulary.steps if nests or verb not in ("repeat", "power_loss", "reset")]
        return self.plain(self.random.choice(verbs))

    def flow(self):
        """What apps really do, so that not everything that happens is nonsense."""
        kind = self.random.randrange(5)
        if self.secure and self.chance(0.5):
            return self.secure_flow()
        if kind == 0:
            return self.plain("update") + [{"restart": None}]
        if kind == 1:
            return self.plain("update") + [{"restart": None}] + self.plain("mark_app_valid_cancel_rollback")
        if kind == 2:
            return self.plain("update") + self.plain("update") + [{"restart": None}]
        image, slot = self.image(), self.random.choice(self.slots)
        if kind == 3:
            return self.two_at_once(slot)
        half = self.random.randint(1, self.length(image) - 1)
        return [{"begin": {"partition": slot, "size": self.pick("unknown", "sequential")}, "returns": "any"},
                {"write": {"image": image, "length": half}, "returns": "any"},
                {"write": {"image": image, "offset": half}, "returns": "any"},
                {"end": None, "returns": "any"},
                {"set_boot_partition": slot, "returns": "any"}]

    def two_at_once(self, slot):
        """Two handles that are open on one slot, or a begin that fails."""
        second = {"partition": slot, "size": self.pick("unknown", "sequential", 0x20000), "handle": "other"}
        return [{"begin": {"partition": slot, "size": "unknown", "handle": "one"}, "returns": "any"},
                {"begin": second, "returns": "any"},
                {self.pick("end", "abort"): self.pick("one", "other"), "returns": "any"}]

    def secure_flow(self):
        """A version that burns the eFuse when it is confirmed; or one that was burned past, and a wake that does not look."""
        if self.chance(0.25):
            return [{"set_efuse": {"secure_version": self.random.randint(2, 4)}},
                    {self.pick("deep_sleep", "deep_sleep", "power_cycle"): None}]
        image = self.image_names[-1]
        return [{"update": {"image": image}, "returns": "any"}, {"restart": None},
                {"mark_app_valid_cancel_rollback": None, "returns": "any"}]

    def plain(self, verb):
        if verb == "set_otadata" and not self.has_otadata:
            verb = "set_efuse"
        if verb.startswith("nvs_") and not self.has_nvs:
            verb = "set_efuse"
        value = getattr(self, "step_" + verb, self.no_argument)()
        step = {verb: value}
        if verb in RETURN_CODES:
            step["returns"] = "any"
        steps = [step]
        if verb in ("power_loss", "reset"):
            steps.extend(self.plain("update"))
        return steps

    def no_argument(self):
        return None

    def handle(self):
        return self.pick("handle", "handle", "handle", "none")

    def step_wait(self):
        return self.pick("20us", "1s", "1h")

    def step_update(self):
        update = {"image": self.image(), "chunk": self.pick(256, 4096)}
        if self.chance(0.1):
            update["refuses"] = self.pick("running", "last_invalid", ["running", "last_invalid"])
        if self.chance(0.4):
            update["partition"] = self.random.choice(self.apps)
        if self.chance(0.6):
            update["size"] = self.pick("image", "unknown", 1000)
        return update

    def step_https_ota(self):
        return {"url": "https://ota.example.com/fw.bin", "bulk_flash_erase": self.chance(0.3), "buffer_size": self.pick(1024, 4096)}

    def step_https_ota_begin(self):
        return {"url": "https://ota.example.com/fw.bin", "bulk_flash_erase": self.chance(0.3)}

    def step_power_loss(self):
        where = self.pick("operation", "byte", "share", "time")
        loss = {where: {"operation": self.random.randint(0, 12), "byte": self.random.randint(0, 900),
                        "share": f"{self.random.randint(0, 100)}%", "time": f"{self.random.randint(0, 90)}ms"}[where]}
        return loss

    def step_reset(self):
        return {"reason": self.pick("watchdog", "panic", "brownout"), **self.step_power_loss()}

    def step_io_fault(self):
        return {"kind": self.pick("read_error", "program_error", "erase_error", "program_dropped", "erase_dropped"),
                "nth": self.random.randint(1, 6)}

    def step_corrupt(self):
        where = self.random.choice(self.apps + (["otadata"] if self.has_otadata else []))
        at = self.pick(where, f"{where}+{self.random.randint(0, 300)}")
        return self.pick({"at": at, "flip": self.pick("01", "80", "04ff")}, {"at": at, "fill": 0, "length": 4},
                         {"at": at, "random": 3, "length": self.random.randint(1, 64)})

    def step_set_otadata(self):
        return [self.entry(), self.entry()]

    def step_set_efuse(self):
        return {"secure_version": self.random.randint(0, 3)}

    def nvs_name(self):
        return {"namespace": self.pick("ota", "cfg"), "key": self.pick("a", "a", "b")}

    def step_nvs_set(self):
        value = self.pick({"u8": self.random.randint(0, 255)}, {"u32": self.random.randint(0, 9)}, {"string": "beta"}, {"blob": "00 01"})
        return {**self.nvs_name(), **value}

    def step_nvs_count(self):
        return {**self.nvs_name(), "at_most": self.random.randint(1, 3)} if self.chance(0.5) else self.nvs_name()

    def step_nvs_get(self):
        return {**self.nvs_name(), "type": self.pick("u8", "u32", "string", "blob")}

    def step_nvs_erase(self):
        return self.pick(self.nvs_name(), {"namespace": "ota"})

    def step_nvs_commit(self):
        return {"namespace": "ota"}

    def step_hold_pin(self):
        return {self.pick("factory_reset", "app_test"): self.pick("0s", "6s", "6s")}

    def step_repeat(self):
        inner = []
        for _ in range(self.pick(1, 2)):
            inner.extend(self.step(False))
        return {"count": 2, "steps": inner}

    def step_expect(self):
        return {"boot_partition": {"not": "nobody"}}

    def step_begin(self):
        size = self.pick("unknown", "sequential", 700, "image")
        begin = {"partition": self.random.choice(self.apps), "size": size}
        if size == "image":
            begin["image"] = self.image()
        return begin

    def step_resume(self):
        return {"partition": self.random.choice(self.apps), "size": self.pick("unknown", "sequential"),
                "offset": self.pick(0, 256, 4096)}

    def step_write(self):
        image = self.image()
        write = {"image": image, "handle": self.handle()}
        if self.chance(0.5):
            write["length"] = self.random.randint(1, self.length(image) - 1)
        return write

    step_write_with_offset = step_write

    def step_set_final_partition(self):
        return {"partition": self.random.choice(self.apps), "finalize_with_copy": self.chance(0.5)}

    def raw_range(self):
        return {"partition": self.random.choice(self.apps), "offset": self.pick(0, 0, 4096, 5), "length": self.pick(4096, 8192, 100)}

    step_esp_partition_erase_range = raw_range
    step_esp_partition_read = raw_range
    step_esp_partition_mmap = raw_range

    def step_esp_partition_write(self):
        data = self.pick({"image": self.image()}, {"fill": 0, "length": 40}, {"bytes": "00 ff 55"})
        return {"partition": self.random.choice(self.apps), "offset": self.pick(0, 0, 300), **data}

    def raw_place(self):
        return self.pick("0x8000", self.random.choice(self.apps), *(["otadata", "otadata+0x1000"] if self.has_otadata else []))

    def step_esp_flash_erase_region(self):
        return {"address": self.raw_place(), "length": 4096}

    def step_esp_flash_write(self):
        return {"address": self.raw_place(), "fill": self.pick(0, 85), "length": self.pick(4, 40)}

    def step_esp_flash_read(self):
        return {"address": self.raw_place(), "length": 64}

    def step_esp_flash_set_dangerous_write_protection(self):
        return self.pick(True, False, False)

    def step_end(self):
        return self.handle()

    step_abort = step_end

    def step_set_boot_partition(self):
        return self.random.choice(self.apps)

    step_set_boot_partition_skip_validate = step_set_boot_partition
    step_get_next_update_partition = step_set_boot_partition
    step_get_state_partition = step_set_boot_partition
    step_get_partition_description = step_set_boot_partition

    def step_check_image_validity(self):
        return self.image()

    # ---- the exploration ----

    def explore(self, steps):
        models = self.models()
        explore = {"faults": models, "retry": self.chance(0.7)}
        if self.chance(0.6):
            explore["depth"] = self.pick(1, 2, 3)
        if self.downloads_in_a_row(steps) > 1 and set(models) & TEARS:
            explore["depth"] = 1
        if "late-bits" in models or "unstable" in models:
            explore.update(self.narrow(steps), depth=self.pick(1, 1, 2))
        if self.chance(0.25):
            explore["boots_max"] = self.pick(2, 4, 16)
        if self.chance(0.3):
            explore["erases_max"] = self.pick(1, 2)
        if self.chance(0.15):
            off = self.random.sample(self.vocabulary.invariants, 3)
            explore["invariants"] = {name: False for name in off}
            if "wear-bounded" in off:
                explore.pop("erases_max", None)
            if "retry-succeeds" in off:
                explore["retry"] = False
        if "bit-rot" in models:
            where = "otadata" if self.has_otadata else self.random.choice(self.apps)
            pairs = self.chance(0.1)
            explore["bit_rot"] = {"at": where, "length": 4 if pairs else self.pick(4, 32), "pairs": pairs}
        if self.chance(0.1):
            explore["custom"] = {"mine": {"version": [self.pick("1.0.0", "2.0.0"), "1.1.0"]}}
        return explore

    def models(self):
        if self.large:
            return ["clean"]
        models = [name for name in self.vocabulary.fault_models if name != "late-bits" and self.chance(0.3)]
        if self.chance(0.2):
            models.append("late-bits")
        if self.secure and "efuse" not in models:
            models.append("efuse")
        return models or ["clean"]

    @staticmethod
    def downloads_in_a_row(steps):
        """The most downloads without a reset between: the second one goes where the bootloader looks, each byte a new state."""
        most = now = 0
        for step in steps:
            inner = step.get("repeat", {}).get("steps", []) * 2
            now = 0 if any(verb in step for verb in RESETS) else now + any(verb in step for verb in DOWNLOADS)
            now += sum(any(verb in other for verb in DOWNLOADS) for other in inner)
            most = max(most, now)
        return most

    def narrow(self, steps):
        """One step, one that writes records rather than images where there is one: late bits go by the pair."""
        short = ("set_boot_partition", "mark_app_valid_cancel_rollback", "mark_app_invalid_rollback", "restart",
                 "invalidate_inactive_ota_data_slot", "deep_sleep", "boot")
        for i, step in enumerate(steps):
            if any(verb in step for verb in short) and self.chance(0.5):
                return {"between": [i + 1, i + 1]}
        for i, step in enumerate(steps):
            if any(verb in step for verb in short):
                return {"between": [i + 1, i + 1]}
        steps.append({"mark_app_valid_cancel_rollback": None, "returns": "any"})
        return {"between": [len(steps), len(steps)]}
