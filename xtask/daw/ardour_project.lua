-- ardour7-lua ardour_project.lua FOLDER [KEY_PRESET EFFECT_PRESET]
-- Makes a project: a track "Melody" with the instrument, the preset "Lead" and a lane for its level. With the other two
-- words a track "Key" too, which feeds the sidechain of an effect on the first one. Notes are added to the file later:
-- scripts cannot make MIDI regions.
local folder, key, effect = arg[1], arg[2], arg[3]
local seconds, low, high = 8, 0.125, 0.875

AudioEngine:set_backend("None (Dummy)", "", "")
assert(create_session(folder, folder:match("([^/]+)$"), 48000), "no project can be made")

local function described(name)
  local info = ARDOUR.LuaAPI.new_plugin_info(name, ARDOUR.PluginType.VST3)
  assert(not info:isnil(), name .. " was not found by the scan")
  return info
end

local function choose(insert, preset)
  local plugin = insert:to_insert():plugin(0)
  local record = plugin:preset_by_label(preset)
  assert(record and record.valid, "the plugin has no preset " .. preset)
  assert(plugin:load_preset(record), preset .. " does not load")
  print(plugin:name() .. " plays " .. preset)
end

local function track(name, preset)
  local midi, audio = ARDOUR.DataType("midi"), ARDOUR.DataType("audio")
  -- "Strict I/O": else the auxiliary outputs count, and Ardour pans eight channels into two.
  Session:new_midi_track(ARDOUR.ChanCount(midi, 1), ARDOUR.ChanCount(audio, 2), true, described("Csound Session"),
    nil, nil, 1, name, ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true)
  local route = Session:route_by_name(name)
  choose(route:nth_plugin(0), preset)
  return route
end

local function connect(from, to)
  for channel = 0, 1 do
    from:audio(channel):disconnect_all()
    assert(from:audio(channel):connect(to:audio(channel):name()) == 0, "no connection")
  end
end

local melody = track("Melody", "Lead")
connect(melody:output(), Session:master_out():input())
local instrument = melody:nth_plugin(0)
local level = 2 -- gain, bypass, then the slots; Ardour keeps the names that they had before the preset
local _, lane = ARDOUR.LuaAPI.plugin_automation(instrument, level)
lane:add(Temporal.timepos_t(0), low, false, false)
lane:add(Temporal.timepos_t(seconds * 48000), high, false, false)
instrument:to_automatable():automation_control(
  Evoral.Parameter(ARDOUR.AutomationType.PluginAutomation, 0, level), false):set_automation_state(ARDOUR.AutoState.Play)

if key then
  local side = track("Key", key)
  local added = ARDOUR.LuaAPI.new_plugin(Session, "Csound Session FX", ARDOUR.PluginType.VST3, "")
  assert(not added:isnil() and melody:add_processor_by_index(added, 1, nil, true) == 0, "no effect")
  choose(melody:nth_plugin(1), effect)
  assert(melody:add_sidechain(melody:nth_plugin(1)), "no sidechain")
  connect(side:output(), melody:nth_plugin(1):to_insert():sidechain_input())
end

sleep(1) -- news for the main thread of the plugins
Session:save_state("", false, false, false, false, false)
close_session()
