//! What things cost: the price list of a design. Defaults are list prices of one large cloud (AWS, us-east-1, on demand),
//! each with its source; whoever pays other prices writes them here.

use crate::params::params;

/// Hours of a month, as bills count them.
pub const MONTH_H: f64 = 730.0;

params! {
    /// Prices of machines, bytes, requests and storage.
    pub struct Prices {
        /// One vCPU of a machine that computes, an hour; each worker takes one. Source: AWS EC2 c5, $0.085 for 2 vCPU.
        compute_vcpu_usd_h: f64 = 0.0425, 0..=1000, "USD/h", "Compute, per vCPU", "컴퓨팅 vCPU", "계산하는 기계의 vCPU 하나를 한 시간 빌리는 값. 작업자 하나가 vCPU 하나를 씁니다. 출처: AWS EC2 c5, 2 vCPU에 $0.085.";
        /// One vCPU of a machine that stores, with its memory, an hour; each worker takes one. Source: AWS EC2 m7g.large, $0.0816 for 2 vCPU.
        data_vcpu_usd_h: f64 = 0.0408, 0..=1000, "USD/h", "Data, per vCPU", "데이터 vCPU", "저장하는 기계의 vCPU 하나(메모리 포함)를 한 시간 빌리는 값. 출처: AWS EC2 m7g.large, 2 vCPU에 $0.0816.";
        /// vCPU of the smallest machine. Machines are rented whole, in multiples of it.
        machine_vcpu: u32 = 2, 1..=1024, "vCPU", "Smallest machine", "가장 작은 기계", "가장 작은 기계의 vCPU 수. 기계는 이 배수로 통째로 빌립니다.";
        /// The price of a machine grows with its size to this power. 1 is linear, as AWS lists c5 ($0.34 for 8 vCPU, $4.08 for 96); more is an assumption of whoever sets it.
        machine_exponent: f64 = 1.0, 1..=3, "", "Price of size", "크기의 값", "기계 값은 크기의 이 거듭제곱으로 늘어납니다. 1이면 비례합니다(AWS c5: 8 vCPU $0.34, 96 vCPU $4.08). 더 큰 값은 정하는 사람의 가정입니다.";
        /// A load balancer, an hour. Source: AWS Application Load Balancer list price.
        balancer_usd_h: f64 = 0.0225, 0..=1000, "USD/h", "Load balancer", "로드 밸런서", "로드 밸런서 하나의 시간당 값. 출처: AWS ALB 요금표.";
        /// Bytes through a load balancer. Source: AWS ALB, one LCU-hour at $0.008 carries 1 GB.
        balancer_usd_gb: f64 = 0.008, 0..=1000, "USD/GB", "Bytes through a balancer", "밸런서를 지나는 바이트", "로드 밸런서를 지나는 바이트의 값. 출처: AWS ALB, LCU 한 시간 $0.008에 1 GB.";
        /// Answers to users over the internet, the first 10 TB of a month. Source: AWS data transfer out.
        egress_usd_gb: f64 = 0.09, 0..=1000, "USD/GB", "To the internet", "인터넷 전송", "사용자에게 인터넷으로 보내는 응답의 값, 한 달 처음 10 TB. 출처: AWS 데이터 전송 요금.";
        /// The same for the next 40 TB of a month.
        egress_10tb_usd_gb: f64 = 0.085, 0..=1000, "USD/GB", "To the internet past 10 TB", "인터넷 전송 10 TB 이후", "같은 값, 한 달 다음 40 TB.";
        /// The same past 50 TB of a month.
        egress_50tb_usd_gb: f64 = 0.07, 0..=1000, "USD/GB", "To the internet past 50 TB", "인터넷 전송 50 TB 이후", "같은 값, 한 달 50 TB 이후.";
        /// Answers of a CDN to users, the first 10 TB of a month; what the CDN fetches from its origin is free. Source: CloudFront, North America.
        cdn_usd_gb: f64 = 0.085, 0..=1000, "USD/GB", "From a CDN", "CDN 전송", "CDN이 사용자에게 보내는 응답의 값, 한 달 처음 10 TB. 원본에서 CDN으로 가져오는 것은 무료입니다. 출처: CloudFront 북미.";
        /// The same past 10 TB of a month.
        cdn_10tb_usd_gb: f64 = 0.08, 0..=1000, "USD/GB", "From a CDN past 10 TB", "CDN 전송 10 TB 이후", "같은 값, 한 달 10 TB 이후.";
        /// Requests to a CDN. Source: CloudFront HTTPS, $0.01 for 10,000.
        cdn_usd_million: f64 = 1.0, 0..=1000, "USD/million", "CDN requests", "CDN 요청", "CDN 요청 백만 건의 값. 출처: CloudFront HTTPS, 1만 건에 $0.01.";
        /// Bytes between zones of a region, paid at both ends. Source: AWS, $0.01 each way.
        zone_usd_gb: f64 = 0.01, 0..=1000, "USD/GB", "Between zones", "존 사이 전송", "한 지역의 존 사이를 오가는 바이트의 값, 양쪽이 각각 냅니다. 출처: AWS, 방향마다 $0.01.";
        /// Bytes between regions, paid by the sender. Source: AWS, $0.02 within North America.
        region_usd_gb: f64 = 0.02, 0..=1000, "USD/GB", "Between regions", "지역 사이 전송", "지역 사이를 오가는 바이트의 값, 보내는 쪽이 냅니다. 출처: AWS 북미 $0.02.";
        /// Bytes through a NAT gateway. Source: AWS.
        nat_usd_gb: f64 = 0.045, 0..=1000, "USD/GB", "Bytes through NAT", "NAT를 지나는 바이트", "NAT 게이트웨이를 지나는 바이트의 값. 출처: AWS.";
        /// A NAT gateway, an hour. Source: AWS.
        nat_usd_h: f64 = 0.045, 0..=1000, "USD/h", "NAT gateway", "NAT 게이트웨이", "NAT 게이트웨이 하나의 시간당 값. 출처: AWS.";
        /// Requests to a managed queue: a send, a receive and a delete are three. Source: AWS SQS standard, $0.40 a million.
        queue_usd_million: f64 = 0.4, 0..=1000, "USD/million", "Queue requests", "큐 요청", "관리형 큐 요청 백만 건의 값. 보내기, 받기, 지우기를 각각 셉니다. 출처: AWS SQS 표준, 백만 건에 $0.40.";
        /// Reads of an object store. Source: AWS S3 standard, $0.0004 for 1,000.
        object_get_usd_million: f64 = 0.4, 0..=1000, "USD/million", "Object reads", "오브젝트 읽기", "오브젝트 스토어 읽기 백만 건의 값. 출처: AWS S3 표준, 1천 건에 $0.0004.";
        /// Writes to an object store. Source: AWS S3 standard, $0.005 for 1,000.
        object_put_usd_million: f64 = 5.0, 0..=1000, "USD/million", "Object writes", "오브젝트 쓰기", "오브젝트 스토어 쓰기 백만 건의 값. 출처: AWS S3 표준, 1천 건에 $0.005.";
        /// Log lines and metrics taken in. Source: AWS CloudWatch Logs, $0.50 a GB.
        logs_usd_gb: f64 = 0.5, 0..=1000, "USD/GB", "Logs", "로그", "받아들인 로그와 지표의 값. 출처: AWS CloudWatch Logs, GB당 $0.50.";
        /// A GB on the disks of databases, a month; every copy is paid. Source: AWS EBS gp3.
        disk_usd_gb_month: f64 = 0.08, 0..=1000, "USD/GB·month", "Disk", "디스크", "데이터베이스 디스크 1 GB의 한 달 값. 사본마다 냅니다. 출처: AWS EBS gp3.";
        /// A GB in an object store, a month. Source: AWS S3 standard.
        object_usd_gb_month: f64 = 0.023, 0..=1000, "USD/GB·month", "Object storage", "오브젝트 저장", "오브젝트 스토어 1 GB의 한 달 값. 출처: AWS S3 표준.";
        /// Size of one item on a disk: what storage is counted with. An assumption about the data, not a price.
        item_kb: f64 = 1.0, 0..=1000000, "KB", "Size of an item", "항목 크기", "디스크에 놓인 항목 하나의 크기. 저장량을 셀 때 씁니다. 값이 아니라 데이터에 대한 가정입니다.";
    }
}

/// Which machine is rented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rented {
    /// One that computes.
    Compute,
    /// One that stores.
    Data,
}

impl Prices {
    /// Price of one machine with at least so many vCPU [USD/h]: whole machines only, and size to a power.
    pub fn machine_usd_h(&self, machine: Rented, vcpu: u32) -> f64 {
        let per_vcpu = match machine {
            Rented::Compute => self.compute_vcpu_usd_h,
            Rented::Data => self.data_vcpu_usd_h,
        };
        let sizes = f64::from(vcpu.div_ceil(self.machine_vcpu).max(1));
        let growth =
            if self.machine_exponent == 1.0 { sizes } else { libm::pow(sizes, self.machine_exponent) };
        per_vcpu * f64::from(self.machine_vcpu) * growth
    }

    /// Bytes of so many stored items.
    pub fn stored_bytes(&self, items: u64) -> u64 {
        (items as f64 * self.item_kb * 1e3) as u64
    }
}

/// Cost of an amount whose price falls in steps: each step reaches up to an amount and has a price; the last one has no
/// end.
pub fn tiered(amount: f64, steps: &[(f64, f64)]) -> f64 {
    let (mut cost, mut from) = (0.0, 0.0);
    for (i, (to, price)) in steps.iter().enumerate() {
        let to = if i + 1 == steps.len() { f64::INFINITY } else { *to };
        if amount > from {
            cost += (amount.min(to) - from) * price;
        }
        from = to;
    }
    cost
}
