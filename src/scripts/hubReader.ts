/** Downloads a repository of the hub into the current folder with nothing but Python's own library; speaks as rclone does. */
export const hubReader = `
import concurrent.futures, hashlib, json, os, re, sys, threading, time, urllib.error, urllib.parse, urllib.request

repository, kind = sys.argv[1:3]
base = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
token = os.environ.get("HF_TOKEN")
root = os.path.realpath(".")
prefix = "datasets/" if kind == "dataset" else ""
lock = threading.Lock()
stats = {"bytes": 0, "totalBytes": 0, "transfers": 0, "totalTransfers": 0, "checks": 0}

def ask(url, start=0):
    request = urllib.request.Request(url, headers={"User-Agent": "gpu-rental"})
    # Not sent on to the storage that an answer points at.
    if token: request.add_unredirected_header("Authorization", "Bearer " + token)
    if start: request.add_header("Range", "bytes=%d-" % start)
    return urllib.request.urlopen(request, timeout=60)

def listed():
    url = "%s/api/%ss/%s/tree/main?recursive=true" % (base, kind, repository)
    while url:
        with ask(url) as answer:
            for entry in json.load(answer):
                if entry.get("type") == "file": yield entry
            following = re.search(r'<([^>]+)>;\\s*rel="next"', answer.headers.get("Link") or "")
            url = following and following.group(1)
            if url and not url.startswith(base + "/"): raise ValueError("the list goes on elsewhere")

def target(path):
    parts = path.split("/")
    if not path or any(part in ("", ".", "..") for part in parts) or "\\0" in path: raise ValueError("a name that leaves the folder: %r" % path)
    folder = os.path.join(root, *parts[:-1])
    os.makedirs(folder, exist_ok=True)
    if os.path.realpath(folder) != folder: raise ValueError("a link that leaves the folder: %r" % path)
    return os.path.join(folder, parts[-1])

def add(**more):
    with lock:
        for name, value in more.items(): stats[name] += value

def attempt(entry, place):
    part = place + ".gpu-rental-part"
    start = os.path.getsize(part) if os.path.exists(part) else 0
    if start > entry["size"]: start = 0
    url = "%s/%s%s/resolve/main/%s" % (base, prefix, repository, urllib.parse.quote(entry["path"]))
    if start < entry["size"] or start == 0:
        with ask(url, start) as answer:
            if start and answer.status != 206: start = 0
            # What an earlier try has brought is counted once.
            add(bytes=start - entry.get("counted", 0))
            entry["counted"] = start
            with open(part, "r+b" if start else "wb") as file:
                file.seek(start)
                while True:
                    block = answer.read(1 << 20)
                    if not block: break
                    file.write(block)
                    start += len(block)
                    entry["counted"] = start
                    add(bytes=len(block))
                file.truncate()
    if start != entry["size"]: raise OSError("%s ended early" % entry["path"])
    wanted = (entry.get("lfs") or {}).get("oid")
    if wanted:
        digest = hashlib.sha256()
        with open(part, "rb") as file:
            for block in iter(lambda: file.read(1 << 20), b""): digest.update(block)
        if digest.hexdigest() != wanted:
            os.remove(part)
            raise OSError("%s has another checksum than the hub says" % entry["path"])
    os.replace(part, place)

def bring(entry):
    place = target(entry["path"])
    if os.path.isfile(place) and os.path.getsize(place) == entry["size"]: return add(checks=1, totalBytes=-entry["size"], totalTransfers=-1)
    for again in (1, 2, 3, 0):
        try:
            attempt(entry, place)
            return add(transfers=1)
        except urllib.error.HTTPError as error:
            if again == 0 or error.code in (401, 403, 404): raise
        except OSError:
            if again == 0: raise
        time.sleep(4 - again)

def tell(): print(json.dumps({"stats": stats}), flush=True)

def main():
    entries = list(listed())
    add(totalBytes=sum(entry["size"] for entry in entries), totalTransfers=len(entries))
    tell()
    done = threading.Event()
    def ticker():
        while not done.wait(1): tell()
    threading.Thread(target=ticker, daemon=True).start()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        work = [pool.submit(bring, entry) for entry in entries]
        finished, _ = concurrent.futures.wait(work, return_when=concurrent.futures.FIRST_EXCEPTION)
        failed = next((one.exception() for one in finished if one.exception()), None)
        if failed:
            for one in work: one.cancel()
            done.set()
            raise failed
    done.set()
    tell()

try:
    main()
except Exception as error:
    words = "%d %s" % (error.code, error.reason) if isinstance(error, urllib.error.HTTPError) else str(error)
    print(json.dumps({"level": "error", "msg": words}), flush=True)
    os._exit(1)
`;
