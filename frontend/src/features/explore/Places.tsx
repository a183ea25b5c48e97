import { useGetPlaces } from '@/api/generated';
import { BarList } from '@/components/charts/BarList';
import { Panel } from '@/components/ui/Panel';
import { QueryView } from '@/components/ui/QueryView';
import { dayShort, duration, percent, plural } from '@/lib/format';
import { duringPhrase } from '@/lib/span';
import { country, device } from '@/lib/reasons';

/** On what and where. */
export function Places({ span, against }: { span: string; against: string | null }) {
  const places = useGetPlaces({ span });
  const other = useGetPlaces({ span: against ?? span }, { query: { enabled: against !== null } });
  const beside = against === null ? null : (other.data ?? null);
  const before = (share: number | undefined) => against && beside && `${percent(share ?? 0)} ${duringPhrase(against)}`;
  return (
    <QueryView query={places} what="find where you listened" empty={(data) => data.devices.length === 0 && <></>}>
      {({ devices, countries }) => {
        const [first] = devices;
        const [home] = countries;
        return (
          <div className="grid gap-x-12 gap-y-16 lg:grid-cols-2">
            {first && (
              <Panel title={first.device === null ? 'On what you listen, nobody told' : `${percent(first.share)} of the time: ${device(first.device)}`}>
                <BarList
                  label="Devices by time listened"
                  bars={devices.map((one) => ({
                    key: one.device ?? '',
                    name: device(one.device),
                    by: before(beside?.devices.find((old) => old.device === one.device)?.share) ?? duration(one.ms_played),
                    value: one.share,
                    told: percent(one.share, one.share < 0.01 ? 1 : 0),
                  }))}
                />
              </Panel>
            )}
            {home && (
              <Panel title={countries.length === 1 ? `All of it in ${country(home.country)}` : `Music in ${plural(countries.length, 'country', 'countries')}`}>
                <BarList
                  label="Countries by time listened"
                  bars={countries.map((one) => ({
                    key: one.country ?? '',
                    name: country(one.country),
                    by:
                      before(beside?.countries.find((old) => old.country === one.country)?.share) ??
                      `${plural(one.days, 'day')}, ${one.first_day === one.last_day ? dayShort(one.first_day) : `${dayShort(one.first_day)} – ${dayShort(one.last_day)}`}`,
                    value: one.share,
                    told: percent(one.share, one.share < 0.01 ? 1 : 0),
                  }))}
                />
              </Panel>
            )}
          </div>
        );
      }}
    </QueryView>
  );
}
