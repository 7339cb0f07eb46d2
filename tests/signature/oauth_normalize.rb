# Reads one JSON object a line; writes what Debian's `oauth` makes of it, as a JSON string a line, null
# where it raises. Arrays of objects at the top are written in both ways the library's versions have.
require "json"
require "oauth"

$stdin.set_encoding("UTF-8")
$stdout.sync = false

def newer(params)
  params.sort.map do |key, value|
    if value.is_a?(Array) && value[0].is_a?(Hash)
      OAuth::Helper.normalize_nested_query(value, key)
    else
      OAuth::Helper.normalize({ key => value })
    end
  end * "&"
end

def attempted
  yield
rescue StandardError
  nil
end

$stdin.each_line do |line|
  texts = [
    attempted { OAuth::Helper.normalize(JSON.parse(line)) },
    attempted { newer(JSON.parse(line)) },
  ]
  $stdout.puts(JSON.generate(texts))
end
